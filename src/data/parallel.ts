/** How many files are read at once: enough to keep a disk busy, few enough to stay below the limit of open files. */
const READS_AT_ONCE = 16;

/** The results of an asynchronous function over the items, in their order, a few calls running at once. */
export async function mapParallel<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => Promise<R>,
  atOnce: number = READS_AT_ONCE,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await map(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}
