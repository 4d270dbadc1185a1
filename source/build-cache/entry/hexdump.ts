/** isText says that bytes read as text: UTF-8 without control characters other than tabs and line ends. */
export function isText(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]/.test(text);
}

/** hexdump writes bytes as lines of offset, bytes and characters, `perLine` bytes each. */
export function hexdump(bytes: Uint8Array, perLine: number): readonly string[] {
  const digits = Math.max(3, (bytes.length - 1).toString(16).length);
  return Array.from({ length: Math.ceil(bytes.length / perLine) }, (_, line) => {
    const part = [...bytes.subarray(line * perLine, (line + 1) * perLine)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const characters = part
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
      .join('');
    return `${(line * perLine).toString(16).padStart(digits, '0')} ${hex.padEnd(perLine * 3 - 1)} ${characters}`;
  });
}
