/** The page with one part between its marks made anew. */
export function fillPart(page: string, name: string, part: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
  return page.replace(pattern, (_, open: string, close: string) => `${open}${part === '' ? '' : `${part}\n`}${close}`);
}
