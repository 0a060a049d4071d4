// Workbooks as people send them back: a kind that went out as .xlsx, worked on and put together again.
import { inflateRawSync } from 'node:zlib';

const STRINGS = 'xl/sharedStrings.xml';
const SURVEY = 'xl/worksheets/sheet1.xml';

/**
 * The workbook with some cells' texts changed, wherever they stand, and rows added to its first sheet.
 * @param {Buffer} bytes the workbook
 * @param {{texts?: Record<string, string>, rows?: string[][]}} changes
 */
export function worked(bytes, { texts = {}, rows = [] }) {
  const parts = unpacked(bytes);
  for (const [from, to] of Object.entries(texts)) replace(parts, STRINGS, `>${from}</t>`, `>${to}</t>`);
  const last = Number([...parts.get(SURVEY).matchAll(/<row r="(\d+)"/g)].at(-1)[1]);
  const cell = (text, row, at) => (text ? `<c r="${String.fromCharCode(65 + at)}${row}" t="inlineStr"><is><t>${text}</t></is></c>` : '');
  const row = (cells, number) => `<row r="${number}">${cells.map((text, at) => cell(text, number, at)).join('')}</row>`;
  const added = rows.map((cells, at) => row(cells, last + 1 + at)).join('');
  replace(parts, SURVEY, '</sheetData>', `${added}</sheetData>`);
  return packed(parts);
}

function replace(parts, name, from, to) {
  const text = parts.get(name);
  if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
  parts.set(name, text.replaceAll(from, to));
}

/** The texts of a zip's files by their names. */
function unpacked(bytes) {
  const parts = new Map();
  let at = bytes.readUInt32LE(bytes.lastIndexOf(Buffer.from('PK\x05\x06')) + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, size, name, extra, note] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), ...[28, 30, 32].map((field) => bytes.readUInt16LE(at + field))];
    const head = bytes.readUInt32LE(at + 42);
    const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
    const body = bytes.subarray(from, from + size);
    parts.set(bytes.toString('utf8', at + 46, at + 46 + name), (method === 8 ? inflateRawSync(body) : body).toString('utf8'));
    at += 46 + name + extra + note;
  }
  return parts;
}

/** A zip of these texts, not compressed. */
function packed(parts) {
  const [files, index] = [[], []];
  let at = 0;
  for (const [name, text] of parts) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc(body), 10);
    facts.writeUInt32LE(body.length, 14);
    facts.writeUInt32LE(body.length, 18);
    facts.writeUInt16LE(path.length, 22);
    files.push(Buffer.from('PK\x03\x04'), facts, path, body);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    index.push(Buffer.from('PK\x01\x02\x14\x00'), facts, place, path);
    at += 30 + path.length + body.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.size, 4);
  end.writeUInt16LE(parts.size, 6);
  end.writeUInt32LE(index.reduce((sum, part) => sum + part.length, 0), 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...files, ...index, Buffer.from('PK\x05\x06'), end]);
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
