/** What is known of one epoch of a training run: figures by name. `EpochRecord` of `train` is one. */
export interface EpochRecord {
  /** `epoch` counts from 1; `learningRate` is that of its last step; losses are means over its steps. */
  readonly [figure: string]: number;
}

/** A figure's points over the epochs; epochs that lack it are passed over. */
export function overEpochs(
  records: readonly EpochRecord[],
  figure: string,
): [epoch: number, value: number][] {
  return records.flatMap((record): [number, number][] =>
    typeof record[figure] === "number" ? [[record.epoch, record[figure]]] : [],
  );
}
