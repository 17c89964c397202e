/** Cache mounts of apt as cache mounts of apk. */
import type { Document, Instruction } from '../../../src/document.ts';
import type { Edit } from '../../../src/edit.ts';

const APT = /(?:^|,)(?:target|dst|destination)=\/var\/(?:cache\/apt|lib\/apt)(?:\/\w+)*(?=,|$)/;

/** One mount of apt becomes that of apk, the others go. `isCached`: apk has one, so that it may keep what it fetches. */
export function cacheMounts(
  { text }: Document,
  { flags }: Instruction,
): { readonly edits: readonly Edit[]; readonly isCached: boolean } {
  const edits: Edit[] = [];
  for (const flag of flags) {
    if (flag.name !== 'mount' || !APT.test(flag.value)) continue;
    const written = text.slice(flag.start, flag.end);
    if (edits.length === 0) {
      const moved = written
        .replace(/\/var\/(?:cache\/apt|lib\/apt)(?:\/\w+)*/, '/etc/apk/cache')
        .replace(/(\bid=[^,]*?)apt/, '$1apk');
      edits.push({ start: flag.start, end: flag.end, text: moved });
    } else {
      const gap = /^(?:[ \t]|[\\`][ \t]*\r?\n)*/.exec(text.slice(flag.end))?.[0].length ?? 0;
      edits.push({ start: flag.start, end: flag.end + gap, text: '' });
    }
  }
  return { edits, isCached: edits.length > 0 };
}
