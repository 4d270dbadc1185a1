/** Gate is what the threads of a replay share: they begin together, and stop together. */
export type Gate = Int32Array<SharedArrayBuffer>;

const waiting = 0;
const passed = 1;
const stop = 2;

export function createGate(): Gate {
  return new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
}

/** passGate sleeps until all threads have come. */
export function passGate(gate: Gate, threads: number): void {
  const before = Atomics.load(gate, passed);
  if (Atomics.add(gate, waiting, 1) + 1 < threads) {
    Atomics.wait(gate, passed, before);
    return;
  }
  Atomics.store(gate, waiting, 0);
  Atomics.add(gate, passed, 1);
  Atomics.notify(gate, passed);
}

export function stopAll(gate: Gate): void {
  Atomics.store(gate, stop, 1);
}

/** letGo takes a stop back. */
export function letGo(gate: Gate): void {
  Atomics.store(gate, stop, 0);
}

export function isStopped(gate: Gate): boolean {
  return Atomics.load(gate, stop) === 1;
}
