import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { htmlReport, lineChart, type Report } from "../../src/report/index.ts";

const chart = lineChart(
  {
    title: "Loss",
    series: [
      {
        name: "a",
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  },
  { width: 600 },
);
const evil = `<img src=x onerror="alert(1)">&'$&`;
const report = (figures: Report["sections"][number]["figures"]): Report => ({
  title: "T",
  sections: [{ title: "S", figures }],
});

describe("htmlReport", () => {
  it("escapes every text", () => {
    const html = htmlReport({
      title: evil,
      subtitle: evil,
      summary: [{ label: evil, value: evil }],
      sections: [
        {
          title: evil,
          text: evil,
          table: { columns: [evil], rows: [[evil]] },
          figures: [{ title: evil, svg: chart, caption: evil }],
        },
        { title: "second" },
      ],
    });
    expect(html).not.toContain("<img");
    const escaped = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;'$&amp;";
    // Title twice, subtitle, summary twice, section and its link, text, table twice, caption, and three times for the figure.
    expect(html.split(escaped)).toHaveLength(14 + 1);
  });

  it("stands alone: nothing is loaded, no script but its own may run", () => {
    const html = htmlReport(
      report([
        { title: "F", svg: chart },
        { title: "P", png: Uint8Array.of(137, 80) },
      ]),
    );
    expect(html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(/https?:|url\((?!#)|@import|<link/);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1];
    const script = /<script>([\s\S]*?)<\/script>/.exec(html)![1];
    const hash = createHash("sha256").update(script).digest("base64");
    expect(policy).toBe(
      `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
    );
  });

  it("carries pictures as their bytes, and as what they are", () => {
    const html = htmlReport(
      report([
        { title: "P", png: Uint8Array.of(1, 2, 3) },
        { title: "J", jpeg: Uint8Array.of(4, 5, 6) },
      ]),
    );
    expect(html).toContain('<img alt="P" src="data:image/png;base64,AQID">');
    expect(html).toContain('<img alt="J" src="data:image/jpeg;base64,BAUG">');
  });

  it("gives every drawing ids of its own", () => {
    const html = htmlReport(
      report([
        { title: "A", svg: `<?xml version="1.0"?>\n${chart}` },
        { title: "B", svg: chart },
      ]),
    );
    const ids = Array.from(html.matchAll(/\sid="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const references = Array.from(html.matchAll(/url\(#([^)]*)\)/g), ([, id]) => id);
    expect(references.length).toBeGreaterThan(0);
    for (const id of references) expect(ids).toContain(id);
    expect(html).not.toContain("<?xml");
  });

  it("follows dark screens with every neutral colour of a chart", () => {
    const html = htmlReport(report([{ title: "A", svg: chart }]));
    const dark = /@media screen and \(prefers-color-scheme: dark\) \{([\s\S]*?)\n\}/.exec(html)![1];
    const neutral = Array.from(
      chart.matchAll(/(fill|stroke)="(#[0-9a-f]{6})"/g),
      ([, paint, color]) => `[${paint}="${color}"]`,
    );
    const own = /\[(fill|stroke)="#f0323c"\]/;
    for (const selector of new Set(neutral.filter((selector) => !own.test(selector))))
      expect(dark).toContain(selector);
  });

  it("links its sections, and aligns numbers from the right", () => {
    const html = htmlReport({
      title: "T",
      summary: [{ label: "mAP50", value: 0.91234 }],
      sections: [
        { title: "One" },
        { title: "Two", table: { columns: ["class", "AP"], rows: [["a", 0.5], ["b", Number.NaN], ["c"]] } },
      ],
    });
    for (const i of [1, 2])
      expect(html).toMatch(new RegExp(`href="#section-${i}"[\\s\\S]*<section id="section-${i}">`));
    expect(html).toContain('<td class="number">0.500</td>');
    expect(html).toContain('<td class="number">–</td>');
    expect(html).toContain("<dd>0.912</dd>");
  });

  it("shows wide drawings over the full width", () => {
    const wide = lineChart({ series: [] }, { width: 1_000 });
    expect(htmlReport(report([{ title: "A", svg: chart }]))).not.toContain('<figure class="wide">');
    expect(htmlReport(report([{ title: "A", svg: wide }]))).toContain('<figure class="wide">');
  });

  it("refuses a figure without a picture, with two, or with something else", () => {
    expect(() => htmlReport(report([{ title: "F" }]))).toThrowErrorMatchingInlineSnapshot(
      `[FoveaError: htmlReport: figure "F" must have exactly one of \`svg\`, \`png\` and \`jpeg\`, but has 0.]`,
    );
    expect(() => htmlReport(report([{ title: "F", svg: chart, png: new Uint8Array(1) }]))).toThrow(
      /has 2\.$/,
    );
    expect(() => htmlReport(report([{ title: "F", svg: "<p>no</p>" }]))).toThrowErrorMatchingInlineSnapshot(
      `[FoveaError: htmlReport: \`svg\` of figure "F" has no <svg> element.]`,
    );
  });
});
