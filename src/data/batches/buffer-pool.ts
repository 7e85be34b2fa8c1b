/** Buffers that are used again, so that a training run does not touch fresh memory at every step. */
export class BufferPool {
  readonly #free: ArrayBuffer[] = [];

  /** A buffer of at least so many bytes, with anything in it. */
  take(byteLength: number): ArrayBuffer {
    let buffer = this.#free.pop();
    // One that is too small is let go: the pool grows to the largest size asked for.
    while (buffer !== undefined && buffer.byteLength < byteLength) buffer = this.#free.pop();
    return buffer ?? new ArrayBuffer(byteLength);
  }

  /** Takes a buffer back. Views of it become empty, so that nobody reads what it holds next. */
  give(buffer: ArrayBuffer): void {
    this.#free.push(structuredClone(buffer, { transfer: [buffer] }));
  }
}
