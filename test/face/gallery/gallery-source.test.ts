import { describe, expect, it } from "vitest";
import { gallerySource } from "../../../src/face/gallery/gallery-source.ts";
import { Gallery } from "../../../src/face/gallery/index.ts";
import { encoder } from "./people-of-tests.ts";

describe("gallerySource", () => {
  it.each([
    "staff",
    "./staff/",
    "/data/postgres",
    "C:\\faces",
    "postgres",
  ])("takes %s for a folder", (source) => {
    expect(gallerySource(source)).toEqual({ kind: "folder", path: source, title: source });
  });

  it.each([
    ["postgres://localhost/faces", "postgres://localhost/faces"],
    ["postgresql://ada@db.example:5433/faces", "postgresql://ada@db.example:5433/faces"],
    ["postgres://ada:se%40cret@db/faces?sslmode=require", "postgres://ada@db/faces"],
    ["POSTGRES://ada:secret@db/faces", "POSTGRES://ada@db/faces"],
    ["postgres://db/faces?user=ada&password=secret", "postgres://db/faces"],
    ["postgres://ada:a:b@db/faces#secret", "postgres://ada@db/faces"],
  ])("takes %s for a server, which it calls by no password", (source, title) => {
    expect(gallerySource(source)).toEqual({ kind: "server", url: source, title });
  });

  it.each([
    "",
    "http://db/faces",
    "mysql://ada:secret@db/faces",
    "s3://bucket/faces",
    "S3://ada:secret@bucket/faces",
    "postgres://ada:secret@[db/faces",
    "postgres:///faces",
  ])("refuses %j", (source) => {
    let error: unknown;
    try {
      gallerySource(source);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: "gallery-address-invalid",
      message: expect.not.stringContaining("secret"),
    });
  });
});

describe("A server that is not there", () => {
  it.each([
    ["postgres://ada:secret@127.0.0.1:1/faces", /connection was refused/],
    ["postgres://ada:secret@localhost:1/faces", /connection was refused/],
    ["postgres://ada:secret@nowhere.invalid/faces", /no such host|cannot be looked up/],
  ])("is told in a sentence (%s)", async (source, message) => {
    const error = await Gallery.open(source, { encoder, waitMs: 3000 }).catch((error) => error);
    expect(error).toMatchObject({ code: "gallery-unreachable", message: expect.stringMatching(message) });
    expect(error.message).not.toContain("secret");
    expect(error.message).not.toContain("\n");
  });
});
