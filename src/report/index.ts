export { anchorChart } from "./anchor-chart.ts";
export type { AxisTick } from "./axis-tick.ts";
export { type BarChart, barChart } from "./bar-chart.ts";
export { type CalibrationFigures, calibrationChart } from "./calibration-chart.ts";
export type { ChartSize } from "./chart-size.ts";
export { type ClassRecall, classAccuracyChart } from "./class-accuracy-chart.ts";
export { confusedPairsChart } from "./confused-pairs-chart.ts";
export { confusionChart } from "./confusion-chart.ts";
export type { ConfusionCounts } from "./confusion-counts.ts";
export { recordsToCsv } from "./csv.ts";
export {
  type CumulativeErrorOptions,
  cumulativeErrorChart,
  type ErrorList,
} from "./cumulative-error-chart.ts";
export { type DetChartOptions, type DetFigures, detChart } from "./det-chart.ts";
export { type DistanceHistogram, distanceHistogramChart } from "./distance-histogram-chart.ts";
export type { EvaluationCurves } from "./evaluation-curves.ts";
export { formatNumber } from "./format-number.ts";
export {
  htmlReport,
  type Report,
  type ReportFigure,
  type ReportSection,
  type ReportTable,
} from "./html-report.ts";
export { reportStyle } from "./html-style.ts";
export { type LabelStatistics, labelStatistics } from "./label-statistics.ts";
export { labelStatisticsChart } from "./label-statistics-chart.ts";
export { type LineChart, type LineMarker, type LineSeries, lineChart } from "./line-chart.ts";
export { type LossChartOptions, lossChart } from "./loss-chart.ts";
export { type MetricChartOptions, metricChart } from "./metric-chart.ts";
export { precisionRecallChart } from "./precision-recall-chart.ts";
export { type RocChartOptions, type RocFigures, rocChart } from "./roc-chart.ts";
export { type ScatterChart, type ScatterSeries, scatterChart } from "./scatter-chart.ts";
export type { TableCell } from "./table.ts";
export { textTable } from "./text-table.ts";
export { thresholdChart } from "./threshold-chart.ts";
export { type ReportPart, type ReportPlot, writeReport } from "./write-report.ts";
