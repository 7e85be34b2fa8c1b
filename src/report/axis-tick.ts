/** A place of an axis that is named and has a grid line. */
export interface AxisTick {
  /** In the numbers that are drawn. */
  at: number;
  text: string;
}
