import { describe, expect, it } from "vitest";
import { identificationChoice, verificationThreshold } from "../../src/cli/face-threshold.ts";

const encoder = { name: "best.onnx", digest: "d", size: 16, mirror: true };

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
