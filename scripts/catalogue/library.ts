/**
 * The files below library/ of docker-library/official-images: which tags are one image. Format: stanzas of `Key: value`
 * lines, set apart by blank lines; a line that starts with a blank goes on with the value above.
 */

/** Every group of tags that stand for one image for Linux, in the order of the file. */
export function tagGroups(text: string): readonly (readonly string[])[] {
  const groups: string[][] = [];
  for (const stanza of text.replaceAll('\r\n', '\n').split(/\n\s*\n/)) {
    const fields = fieldsOf(stanza);
    const platforms = list(fields.get('Architectures'));
    if (platforms.length > 0 && platforms.every((platform) => platform.startsWith('windows'))) continue;
    const tags = [...list(fields.get('Tags')), ...list(fields.get('SharedTags'))];
    if (tags.length > 0) groups.push(tags);
  }
  return groups;
}

function fieldsOf(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let key = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const field = /^([\w-]+):\s*(.*)$/.exec(line);
    if (field) {
      key = field[1] as string;
      fields.set(key, field[2] as string);
    } else if (key !== '' && /^\s/.test(line)) fields.set(key, `${fields.get(key)} ${line.trim()}`);
  }
  return fields;
}

const list = (value: string | undefined): string[] => (value ?? '').split(',').flatMap((it) => it.trim() || []);
