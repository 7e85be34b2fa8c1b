import { sizeOf, type Tensor } from "../core/index.ts";
import type { Parameter, ParameterRole, ParameterSet } from "../nn/index.ts";

/** Where a parameter lies in its group's packed buffer. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** Parameters of one role and rate, one after the other in one buffer: the optimiser updates them as one tensor. */
export interface Group {
  readonly role: ParameterRole;
  /** Factor on the learning rate. */
  readonly rate: number;
  /** Whether a moving average of it is kept. */
  readonly averaged: boolean;
  readonly slots: readonly Slot[];
  readonly size: number;
}

/** Whether a group changes by gradient. */
export function isLearned({ role }: Group): boolean {
  return role === "weight" || role === "gain";
}

/** Packs parameters by role and rate, in the order in which the net asked for them; empty groups are left out. */
export function packByRole(set: ParameterSet, averaged: boolean = true): Group[] {
  const all = [...set.parameters.values()];
  const roles: ParameterRole[] = ["weight", "gain", "statistic", "frozen"];
  return roles.flatMap((role) => {
    const ofRole = all.filter((parameter) => parameter.role === role);
    if (role === "frozen") return pack({ role, rate: 1, averaged: false }, ofRole);
    if (role === "statistic") return pack({ role, rate: 1, averaged }, ofRole);
    const rates = [...new Set(ofRole.map(({ rate }) => rate))];
    return rates.flatMap((rate) =>
      pack(
        { role, rate, averaged },
        ofRole.filter((parameter) => parameter.rate === rate),
      ),
    );
  });
}

function pack(kind: Omit<Group, "slots" | "size">, parameters: readonly Parameter[]): Group[] {
  const slots: Slot[] = [];
  let offset = 0;
  for (const { name, shape } of parameters) {
    const size = sizeOf(shape);
    slots.push({ name, shape, offset, size });
    offset += size;
  }
  return slots.length ? [{ ...kind, slots, size: offset }] : [];
}

/** One packed buffer from named tensors. */
export function packTensors(group: Group, values: ReadonlyMap<string, Tensor>): Tensor {
  const data = new Float32Array(group.size);
  for (const { name, offset } of group.slots) data.set(values.get(name)!.data as Float32Array, offset);
  return { dtype: "float32", shape: [group.size], data };
}

/** Named copies of a packed buffer's tensors. */
export function unpackTensors(group: Group, packed: Tensor): Map<string, Tensor> {
  return new Map(
    group.slots.map(({ name, shape, offset, size }) => {
      const data = (packed.data as Float32Array).slice(offset, offset + size);
      return [name, { dtype: "float32", shape, data }];
    }),
  );
}
