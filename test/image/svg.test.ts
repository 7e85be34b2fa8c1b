import { describe, expect, it } from "vitest";
import {
  decodePicture,
  escapeXml,
  type Picture,
  renderSvg,
  svgToPicture,
  textWidth,
} from "../../src/image/index.ts";
import { shortenText } from "../../src/image/text-width.ts";
import { pixel } from "./pictures.ts";

const svg = (content: string, size = `width="200" height="60"`) =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${content}</svg>`;

/** First and last column with anything darker than paper. */
function inkColumns(picture: Picture): [first: number, last: number] {
  const inked = Array.from({ length: picture.width }, (_, x) => x).filter((x) =>
    Array.from({ length: picture.height }, (_, y) => pixel(picture, x, y)[0]).some((value) => value < 128),
  );
  return [inked[0], inked[inked.length - 1]];
}

describe("renderSvg", () => {
  it("gives a PNG of the size that the drawing states, or wider on demand", async () => {
    const drawing = svg(`<rect width="100" height="60" fill="#ff0000"/>`);
    const picture = await decodePicture(await renderSvg(drawing, { background: "#00ff00" }));
    expect(picture).toMatchObject({ width: 200, height: 60 });
    expect(pixel(picture, 50, 30)).toEqual([255, 0, 0]);
    expect(pixel(picture, 150, 30)).toEqual([0, 255, 0]);
    expect(await decodePicture(await renderSvg(drawing, { width: 400 }))).toMatchObject({
      width: 400,
      height: 120,
    });
  });

  it("sets all text in the shipped font, whatever family is asked for", async () => {
    const text = (family: string) =>
      renderSvg(svg(`<text x="5" y="40" font-size="30" font-family="${family}">Häg</text>`));
    const shipped = await text("DejaVu Sans");
    expect(inkColumns(await decodePicture(shipped))[0]).toBeGreaterThan(4);
    for (const family of ["Arial", "sans-serif", "monospace"]) expect(await text(family)).toEqual(shipped);
    expect(await text("DejaVu Sans Mono")).not.toEqual(shipped);
  });

  it("refuses what is no SVG or too large", async () => {
    await expect(renderSvg("<svg")).rejects.toMatchObject({ name: "FoveaError", code: "svg-invalid" });
    await expect(renderSvg(svg("", `width="100000" height="100000"`))).rejects.toMatchObject({
      code: "picture-too-large",
    });
    await expect(renderSvg(svg(""), { width: 1e6 })).rejects.toMatchObject({ code: "picture-too-large" });
    await expect(renderSvg(svg(""), { width: 0 })).rejects.toMatchObject({ code: "picture-size" });
  });
});

describe("svgToPicture", () => {
  it("blends over white", async () => {
    const picture = await svgToPicture(
      svg(`<rect width="100" height="60" fill="#000000" fill-opacity="0.2"/>`),
    );
    expect(pixel(picture, 50, 30)).toEqual([204, 204, 204]);
    expect(pixel(picture, 150, 30)).toEqual([255, 255, 255]);
  });

  it("escaped text is shown as it is", async () => {
    const text = (content: string) =>
      svgToPicture(svg(`<text x="5" y="40" font-size="30">${content}</text>`));
    const tricky = `a<b&"c">`;
    expect(escapeXml(tricky)).toBe("a&lt;b&amp;&quot;c&quot;&gt;");
    const [first, last] = inkColumns(await text(escapeXml(tricky)));
    expect(first).toBeLessThan(10);
    expect(last).toBeGreaterThan(5 + textWidth(tricky, 30) - 8);
    // Characters that XML forbids must not stop the drawing.
    await text(escapeXml("\0 \x1b \ud800 \ufffe"));
  });
});

describe("textWidth", () => {
  it("is the font's own advance width", () => {
    // DejaVu Sans: 2048 units an em; H is 1540 wide, i 569 (the font's hmtx table).
    expect(textWidth("H", 2048)).toBe(1540);
    expect(textWidth("Hi", 1024)).toBe((1540 + 569) / 2);
    expect(textWidth("iW", 20, "mono")).toBe(2 * textWidth("m", 20, "mono"));
    expect(textWidth("Hi", 20, "bold")).toBeGreaterThan(textWidth("Hi", 20));
  });

  it("agrees with what is drawn", async () => {
    const text = "HxxxxH";
    const picture = await svgToPicture(svg(`<text x="0" y="40" font-size="30">${text}</text>`));
    const [first, last] = inkColumns(picture);
    // H stands as far from its left edge as from its right one.
    expect(Math.abs(first + last + 1 - textWidth(text, 30))).toBeLessThan(2);
  });

  it("shortenText keeps what fits", () => {
    expect(shortenText("short", 10, 500)).toBe("short");
    const shortened = shortenText("a rather long caption", 10, 60);
    expect(shortened).toMatch(/^a rat.*…$/);
    expect(textWidth(shortened, 10)).toBeLessThanOrEqual(60);
    expect(shortenText("anything", 10, 3)).toBe("");
  });
});
