import { describe, expect, it } from "vitest";
import { recordsToCsv } from "../../src/report/index.ts";

describe("recordsToCsv", () => {
  it("has the columns of all records in order of appearance, absent values empty", () => {
    const records = [
      { epoch: 1, loss: 0.5 },
      { epoch: 2, loss: Number.NaN, mAP50: 1e-7 },
    ];
    expect(recordsToCsv(records)).toBe("epoch,loss,mAP50\n1,0.5,\n2,,1e-7\n");
  });

  it("quotes what would be read otherwise", () => {
    const record = { 'a,"b"': "x,y", c: 'say "hi"', d: "two\nlines", e: " space", f: "plain", g: "cr\r" };
    expect(recordsToCsv([record])).toBe(
      '"a,""b""",c,d,e,f,g\n"x,y","say ""hi""","two\nlines"," space",plain,"cr\r"\n',
    );
  });

  it("gives objects columns of their own", () => {
    expect(recordsToCsv([{ losses: { box: 1, class: 2 }, ok: true, none: null }])).toBe(
      "losses/box,losses/class,ok,none\n1,2,true,\n",
    );
  });

  it("is empty without records", () => {
    expect(recordsToCsv([])).toBe("");
  });
});
