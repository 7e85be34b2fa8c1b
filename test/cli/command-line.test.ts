import { Option } from "commander";
import { describe, expect, it } from "vitest";
import { resumeLine } from "../../src/cli/command-line.ts";

describe("resumeLine", () => {
  it("repeats every option that was given, and --resume once", () => {
    const words = ["inspect", "net.onnx", "photos/", "--layers", "a,b", "--units", "7,", "--out", "o"];
    const line = "fovea inspect net.onnx photos/ --layers a,b --units 7, --out o --resume";
    expect(resumeLine(words)).toBe(line);
    expect(resumeLine([...words, "--resume"])).toBe(line);
  });

  it("leaves out options that mean nothing any more, and their values", () => {
    const idle = [
      new Option("--size <side>"),
      new Option("-b, --batch <n>"),
      new Option("--strict"),
      new Option("--background <folders...>"),
    ];
    const words = ["detect", "train", "cells/", "--size=256", "-b", "4", "--strict", "--out", "runs/c"];
    const line = "fovea detect train cells/ --out runs/c --threads 1 --resume";
    expect(resumeLine([...words, "--background", "a", "b", "--threads", "1"], idle)).toBe(line);
    expect(resumeLine(["x", "--", "--strict"], idle)).toBe("fovea x --resume -- --strict");
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
