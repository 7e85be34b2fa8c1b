import { afterEach, describe, expect, it, vi } from "vitest";
import type { DetectionEvaluation } from "../../src/metrics/index.ts";
import { evaluateDetections } from "../../src/metrics/index.ts";
import {
  anchorChart,
  barChart,
  confusionChart,
  labelStatistics,
  labelStatisticsChart,
  lineChart,
  lossChart,
  metricChart,
  precisionRecallChart,
  scatterChart,
  thresholdChart,
} from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const nothing: DetectionEvaluation = evaluateDetections({ classes: [], pictures: [] });
const notFound: DetectionEvaluation = evaluateDetections({
  classes: ["a"],
  pictures: [
    {
      id: "1",
      width: 9,
      height: 9,
      boxes: [],
      detections: [{ classIndex: 0, score: 0.5, box: [0, 0, 1, 1] }],
    },
  ],
});

const charts: [name: string, draw: () => string][] = [
  ["line chart without series", () => lineChart({ series: [] })],
  [
    "line chart without points",
    () => lineChart({ series: [{ name: "a", points: [] }], markers: [{ x: 1 }] }),
  ],
  [
    "line chart of NaN",
    () =>
      lineChart({
        series: [
          {
            name: "a",
            points: [
              [0, nan],
              [nan, 1],
              [1, infinity],
            ],
          },
        ],
      }),
  ],
  ["bar chart without bars", () => barChart({ bars: [] })],
  ["bar chart of NaN", () => barChart({ bars: [{ name: "a", value: nan }], horizontal: true })],
  ["scatter chart of NaN", () => scatterChart({ series: [{ name: "a", points: [[nan, 1]] }] })],
  ["loss chart without records", () => lossChart([])],
  [
    "loss chart of a diverged run",
    () =>
      lossChart([
        { epoch: 1, loss: nan },
        { epoch: 2, loss: infinity },
      ]),
  ],
  ["metric chart without records", () => metricChart([])],
  [
    "metric chart of NaN",
    () =>
      metricChart([
        { epoch: 1, mAP50: nan },
        { epoch: nan, mAP50: 1 },
      ]),
  ],
  ["threshold chart without classes", () => thresholdChart(nothing)],
  ["threshold chart without objects", () => thresholdChart(notFound)],
  ["precision-recall chart without classes", () => precisionRecallChart(nothing)],
  ["precision-recall chart without objects", () => precisionRecallChart(notFound)],
  ["confusion chart without labels", () => confusionChart({ labels: [], counts: [] })],
  [
    "confusion chart of zeros",
    () =>
      confusionChart({
        labels: ["a", "b"],
        counts: [
          [0, 0],
          [0, nan],
        ],
      }),
  ],
  ["label statistics without pictures", () => labelStatisticsChart(labelStatistics([], []))],
  [
    "label statistics of pictures without size",
    () =>
      labelStatisticsChart(
        labelStatistics(
          [{ id: "", path: "", width: 0, height: 0, boxes: [{ classIndex: 0, box: [0, 0, 0, 0] }] }],
          ["a"],
        ),
      ),
  ],
  ["anchor chart without shapes", () => anchorChart([], [], [])],
  ["anchor chart of NaN", () => anchorChart([[nan, 1]], [[nan, nan]], [0])],
];

describe("a chart of nothing", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(charts)("%s says so, without a word on the console", (_, draw) => {
    const spies = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    const { texts } = readChart(draw());
    expect(texts).toContain("no data");
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});
