export interface NiftiFixture {
  /** x, y, z and what follows. */
  dims: readonly number[];
  /** NIfTI's number: 2 uint8, 4 int16, 16 float32. */
  datatype: 2 | 4 | 16 | 128;
  values: readonly number[];
  slope?: number;
  intercept?: number;
  bigEndian?: boolean;
  version?: 1 | 2;
}

/** A NIfTI file, values in the order in which they are stored. */
export function nifti(fixture: NiftiFixture): Uint8Array {
  const { dims, datatype, values, slope = 0, intercept = 0, bigEndian = false, version = 1 } = fixture;
  const size = { 2: 1, 4: 2, 16: 4, 128: 3 }[datatype];
  const begin = version === 1 ? 352 : 544;
  const bytes = new Uint8Array(begin + values.length * size);
  const view = new DataView(bytes.buffer);
  const little = !bigEndian;
  const allDims = Array.from({ length: 8 }, (_, i) => (i === 0 ? dims.length : (dims[i - 1] ?? 1)));
  if (version === 1) {
    view.setInt32(0, 348, little);
    for (const [i, dim] of allDims.entries()) view.setInt16(40 + 2 * i, dim, little);
    view.setInt16(70, datatype, little);
    view.setInt16(72, 8 * size, little);
    view.setFloat32(108, begin, little);
    view.setFloat32(112, slope, little);
    view.setFloat32(116, intercept, little);
    bytes.set(Buffer.from("n+1\0"), 344);
  } else {
    view.setInt32(0, 540, little);
    bytes.set(Buffer.from("n+2\0\r\n\x1a\n"), 4);
    view.setInt16(12, datatype, little);
    view.setInt16(14, 8 * size, little);
    for (const [i, dim] of allDims.entries()) view.setBigInt64(16 + 8 * i, BigInt(dim), little);
    view.setBigInt64(168, BigInt(begin), little);
    view.setFloat64(176, slope, little);
    view.setFloat64(184, intercept, little);
  }
  for (const [i, value] of values.entries()) {
    if (datatype === 2) view.setUint8(begin + i, value);
    if (datatype === 4) view.setInt16(begin + 2 * i, value, little);
    if (datatype === 16) view.setFloat32(begin + 4 * i, value, little);
  }
  return bytes;
}
