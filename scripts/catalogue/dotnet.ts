/** The README files of dotnet/dotnet-docker: a table with the tags of one image in each row, by platform. */

/** Every group of tags that stand for one image for Linux on amd64; previews are left out. */
export function dotnetGroups(text: string): readonly (readonly string[])[] {
  const [, behind = ''] = text.split(/^### Linux amd64 Tags\s*$/m);
  const table = behind.split(/^#/m)[0] as string;
  const rows = table.split('\n').flatMap((line) => /^(\d[^|]*)\|/.exec(line)?.[1] ?? []);
  return rows.map((tags) =>
    tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => !tag.endsWith('-amd64')),
  );
}
