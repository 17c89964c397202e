/** At most `limit` tasks at a time; the others wait in line. */
export function turns(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= limit) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await task();
    } finally {
      // the place goes to the next in line
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
