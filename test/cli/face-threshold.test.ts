import { afterEach, describe, expect, it, vi } from "vitest";
import { identificationChoice, verificationThreshold } from "../../src/cli/face-threshold.ts";
import { measured } from "../../src/face/verification/ready-calibration-table.ts";

const encoder = { name: "best.onnx", digest: "d", size: 16, mirror: true };

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a rate of false alarms", () => {
  it.each([
    [2_000, 0.01, false],
    [20_000, 0.073, true],
  ])("among %i enrolled pictures is %f by the ready calibration, and more than asked for is told", async (faces, rate, isTold) => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const ready = { name: "face-descriptor", digest: measured.digest, size: 128, mirror: true };
    const options = { mirror: true, falseAlarmRate: 0.01 };
    const { stated } = await identificationChoice({ encoder: ready, threshold: undefined }, faces, options);
    expect(stated).toMatch(new RegExp(`^${rate} of strangers are taken for somebody`));
    const notes = said.mock.calls.map(([text]) => `${text}`).join("");
    if (isTold)
      expect(notes).toMatch(
        /^Among 20,000 enrolled pictures 0\.073 .+ not 0\.01: .+ give a lower --threshold\.\n$/,
      );
    else expect(notes).toBe("");
  });
});

describe("an encoder that nobody has calibrated", () => {
  it.each([
    [0.8312, /give --threshold 0\.831, by which most pairs/],
    [undefined, /give --threshold\.$/],
  ])("is refused, with the threshold that its training has found (%s)", async (threshold, message) => {
    const finder = { encoder, threshold };
    const refused = { code: "calibration-missing", message: expect.stringMatching(message) };
    const verifying = verificationThreshold(finder, { mirror: true, falseMatchRate: 1e-3 });
    await expect(verifying).rejects.toMatchObject(refused);
    const identifying = identificationChoice(finder, 3, { mirror: true, falseAlarmRate: 1e-2 });
    await expect(identifying).rejects.toMatchObject(refused);
  });

  it("decides by the threshold that is given", async () => {
    const options = { mirror: true, threshold: 0.4, falseMatchRate: 1e-3 };
    expect(await verificationThreshold({ encoder, threshold: 0.8 }, options)).toEqual({
      threshold: 0.4,
      stated: "as given",
    });
  });
});
