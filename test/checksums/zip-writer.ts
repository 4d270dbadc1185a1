import { crc32, deflateRawSync } from 'node:zlib';

/** ZipFile is one file for `makeZip`; what is given beside name and content is what its headers claim instead of the truth. */
export type ZipFile = {
  readonly name: string;
  readonly content: string | Buffer;
  readonly isStored?: boolean;
  readonly method?: number;
  /** mode is the Unix mode, as 0o120777 for a link. */
  readonly mode?: number;
  readonly crc32?: number;
  readonly bytes?: number;
  readonly packedBytes?: number;
  readonly offset?: number;
  /** hasDescriptor writes the sums behind the content, as Go's writer does. */
  readonly hasDescriptor?: boolean;
  /** isWide writes sizes and offset into a zip64 field. */
  readonly isWide?: boolean;
};

/** ZipEnd is what the record at the end claims instead of the truth. */
export type ZipEnd = {
  readonly records?: number;
  readonly bytes?: number;
  readonly offset?: number;
  readonly comment?: string;
  readonly before?: Buffer;
  readonly isWide?: boolean;
};

/** makeZip packs files as they are told, also into what no writer would write. */
export function makeZip(files: readonly ZipFile[], end: ZipEnd = {}): Buffer {
  const before = end.before ?? Buffer.alloc(0);
  const parts: Buffer[] = [];
  const headers: Buffer[] = [];
  let at = 0;
  for (const file of files) {
    const content = Buffer.from(file.content);
    const packed = file.isStored ? content : deflateRawSync(content);
    const name = Buffer.from(file.name);
    const flags = file.hasDescriptor ? 8 : 0;
    const sum = file.crc32 ?? crc32(content);
    const sizes = { packed: file.packedBytes ?? packed.length, bytes: file.bytes ?? content.length };
    const told = file.hasDescriptor ? [0, 0, 0] : [sum, narrow(sizes.packed), narrow(sizes.bytes)];
    const fields = [u16(flags), u16(file.method ?? (file.isStored ? 0 : 8)), u32(0x00210000)];
    const local = [u32(0x04034b50), u16(20), ...fields, ...told.map(u32), u16(name.length), u16(0), name];
    const descriptor = file.hasDescriptor
      ? [u32(0x08074b50), u32(sum), u32(narrow(sizes.packed)), u32(narrow(sizes.bytes))]
      : [];
    const offset = file.offset ?? at;
    const wide = file.isWide
      ? Buffer.concat([u16(1), u16(24), u64(sizes.bytes), u64(sizes.packed), u64(offset)])
      : Buffer.alloc(0);
    const of32 = (value: number): Buffer => u32(file.isWide ? most32 : narrow(value));
    headers.push(
      Buffer.concat([
        ...[u32(0x02014b50), u16((3 << 8) | 20), u16(20), ...fields, u32(sum), of32(sizes.packed)],
        ...[of32(sizes.bytes), u16(name.length), u16(wide.length), u16(0), u16(0), u16(0)],
        ...[u32((file.mode ?? 0o100644) * 0x10000), of32(offset), name, wide],
      ]),
    );
    const whole = Buffer.concat([...local, packed, ...descriptor]);
    parts.push(whole);
    at += whole.length;
  }
  const directory = Buffer.concat(headers);
  const [records, bytes, offset] = [
    end.records ?? files.length,
    end.bytes ?? directory.length,
    end.offset ?? at,
  ];
  const comment = Buffer.from(end.comment ?? '');
  const last = end.isWide
    ? [
        ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(records), u64(records)],
        ...[
          u64(bytes),
          u64(offset),
          u32(0x07064b50),
          u32(0),
          u64(before.length + at + directory.length),
          u32(1),
        ],
        ...[u32(0x06054b50), u32(0), u16(0xffff), u16(0xffff), u32(most32), u32(most32)],
      ]
    : [u32(0x06054b50), u32(0), u16(records), u16(records), u32(narrow(bytes)), u32(narrow(offset))];
  return Buffer.concat([before, ...parts, directory, ...last, u16(comment.length), comment]);
}

const most32 = 0xffffffff;

function narrow(value: number): number {
  return Math.min(value, most32);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
