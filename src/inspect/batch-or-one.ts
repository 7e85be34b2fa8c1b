import { FoveaError } from "../core/index.ts";

/**
 * What is built for a batch of pictures, or for one where the net refuses more: a file may be made for one picture at a time.
 * @throws what building for one picture throws
 */
export async function batchOrOne<Built>(
  batch: number,
  build: (batch: number) => Built | Promise<Built>,
): Promise<Built> {
  try {
    return await build(batch);
  } catch (error) {
    if (!(error instanceof FoveaError) || batch === 1) throw error;
    return build(1);
  }
}
