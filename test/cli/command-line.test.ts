import { describe, expect, it } from "vitest";
import { resumeLine } from "../../src/cli/command-line.ts";

describe("resumeLine", () => {
  it("repeats every option that was given, and --resume once", () => {
    const words = ["inspect", "net.onnx", "photos/", "--layers", "a,b", "--units", "7,", "--out", "o"];
    const line = "fovea inspect net.onnx photos/ --layers a,b --units 7, --out o --resume";
    expect(resumeLine(words)).toBe(line);
    expect(resumeLine([...words, "--resume"])).toBe(line);
  });

  it.skipIf(process.platform === "win32")(
    "can be pasted: odd words are quoted, operands stay behind --",
    () => {
      expect(resumeLine(["inspect", "--out=my run", "--", "-net.onnx", "Anna's photos"])).toBe(
        "fovea inspect '--out=my run' --resume -- -net.onnx 'Anna'\\''s photos'",
      );
    },
  );
});
