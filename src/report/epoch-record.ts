/** What is known of one epoch of a training run. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  /** Mean training loss by part, such as `total`, `box`, `objectness`, `class`. */
  losses?: Readonly<Record<string, number>>;
  /** Figures of validation in [0, 1] by name, such as `mAP50` and `mAP50-95`; absent where there was none. */
  metrics?: Readonly<Record<string, number>>;
  /** At the end of the epoch. */
  learningRate?: number;
}

/** Lines over epochs, one for each name that any record has a value for, in order of appearance. */
export function linesOverEpochs(
  records: readonly EpochRecord[],
  valuesOf: (record: EpochRecord) => Readonly<Record<string, number>> | undefined,
): { name: string; points: [epoch: number, value: number][] }[] {
  const lines = new Map<string, [number, number][]>();
  for (const record of records) {
    for (const [name, value] of Object.entries(valuesOf(record) ?? {})) {
      if (typeof value !== "number") continue;
      const points = lines.get(name) ?? [];
      points.push([record.epoch, value]);
      lines.set(name, points);
    }
  }
  return Array.from(lines, ([name, points]) => ({ name, points }));
}
