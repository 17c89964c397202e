/**
 * How the engine below JavaScript is set for a run: it makes much garbage, keeps little, and is over in seconds.
 * `version`: V8's, as in `process.versions.v8`; a flag that it does not know would be told on stderr at every run.
 */
export function v8Flags(version: string): readonly string[] {
  return [
    // left alone, V8 collects the old part of the heap when it has doubled or more: with this, when it has grown by a third
    // (measured: the peak of 2,500 files 157 MB instead of 230, and no more time)
    '--heap-growing-percent=30',
    // left alone, V8 optimizes functions whose best time is over before the better code is there (measured, 1,000 files: the
    // processor time of one thread 18 % less, of two 28 % less; the thread itself takes as long as before); V8 11 is the one
    // of Node 20, and 12 counts otherwise (node --v8-options of Node 20, 22, 23, 24, 25 and 26, 2026-11-22)
    ...(Number.parseInt(version, 10) <= 11 ? ['--interrupt-budget=300000'] : []),
  ];
}
