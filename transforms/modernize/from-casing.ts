/** `FROM node as build` becomes `FROM node AS build`: `as` has the letter case of FROM (BuildKit check FromAsCasing). */
import { lineOf, linuxStages, type Rewrite } from './rewrite.ts';

export const fromCasing: Rewrite = {
  option: 'from-casing',
  help: 'AS takes the letter case of FROM',
  declines: {},
  *plan(document) {
    for (const { from } of linuxStages(document)) {
      const as = from.words[1];
      const keyword = document.text.slice(from.keywordSpan.start, from.keywordSpan.end);
      if (!as || as.end - as.start !== 2) continue;
      const upper = keyword === 'FROM';
      if (!upper && keyword !== 'from') continue;
      const text = upper ? 'AS' : 'as';
      if (as.value === text) continue;
      yield {
        title: `${text} in the letter case of ${keyword}`,
        why: 'The builder warns about keywords of different case in one line (FromAsCasing); nothing else changes.',
        evidence: [lineOf(document, from, `${keyword} ... ${as.value} ${from.words[2]?.value}`)],
        level: 'safe',
        at: { start: from.start, end: from.headEnd },
        edits: [{ start: as.start, end: as.end, text }],
      };
    }
  },
};
