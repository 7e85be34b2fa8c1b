/** Size of a chart in pixels. */
export interface ChartSize {
  width?: number;
  height?: number;
}
