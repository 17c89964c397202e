/** Splits a text into words as a shell does, quotes and backslashes taken away, nothing expanded. An open quote ends with the text. */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const ch = text[i] as string;
    if (quote === '' && /\s/.test(ch)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (ch === quote) quote = '';
    else if (quote === '' && (ch === '"' || ch === "'")) {
      quote = ch;
      word ??= '';
    } else if (ch === '\\' && (quote === '' || (quote === '"' && /["\\$`]/.test(text[i + 1] ?? '')))) {
      word = (word ?? '') + (text[++i] ?? '');
    } else word = (word ?? '') + ch;
  }
  if (word !== undefined) words.push(word);
  return words;
}
