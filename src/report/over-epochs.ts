import type { EpochRecord } from "../train/index.ts";

/** A figure's points over the epochs; epochs that lack it are passed over. */
export function overEpochs(
  records: readonly EpochRecord[],
  figure: string,
): [epoch: number, value: number][] {
  return records.flatMap((record): [number, number][] =>
    typeof record[figure] === "number" ? [[record.epoch, record[figure]]] : [],
  );
}
