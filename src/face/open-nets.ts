/** Nets that are opened one after another; where one cannot be, those before it are given back. */
export class OpenNets {
  readonly #closers: (() => Promise<void>)[] = [];

  /** Waits for a net that is being opened. */
  async add<T>(opening: Promise<T>, close: (net: T) => Promise<void>): Promise<T> {
    try {
      const net = await opening;
      this.#closers.push(() => close(net));
      return net;
    } catch (error) {
      await Promise.allSettled(this.#closers.map((closeOne) => closeOne()));
      throw error;
    }
  }
}
