import type { Answer, Fault } from '../ask/answer.ts';
import { printable } from '../ask/certificate.ts';
import { goQuote } from '../ask/exchange/go-quote.ts';
import { statusFault } from './status.ts';

/** ContentKind is what is asked of a module proxy. */
export type ContentKind = 'list' | 'latest' | 'info' | 'mod' | 'zip';

/** Expected is what an answer must be about; undefined for what is not known. */
export type Expected = {
  readonly kind: ContentKind;
  readonly version?: string;
  readonly modulePath?: string;
};

/**
 * checkContent tells whether an answer is what a module proxy must give, by what Go reads of it: it looks at no content type. Of a cut
 * answer only the start is judged. It gives undefined for what Go takes.
 */
export function checkContent(answer: Answer, expected: Expected): Fault | undefined {
  const fault = statusFault(answer);
  if (fault !== undefined || answer.kind === 'failed') return fault;
  switch (expected.kind) {
    case 'list':
      return checkList(answer);
    case 'latest':
    case 'info':
      return checkInfo(answer, expected);
    case 'mod':
      return checkMod(answer, expected);
    case 'zip':
      return checkZip(answer);
  }
}

type Answered = Extract<Answer, { readonly kind: 'answered' }>;

/** checkList: Go passes over every line that is no version, so a page of HTML is an empty list to it. `cmd/go/internal/modfetch: (*proxyRepo).Versions, go1.26` */
function checkList(answer: Answered): Fault | undefined {
  if (!isHtml(answer)) return undefined;
  return badContent(answer, 'instead of a list of versions', undefined);
}

/** checkInfo: `cmd/go/internal/modfetch: (*proxyRepo).Stat, go1.26` */
function checkInfo(answer: Answered, { version }: Expected): Fault | undefined {
  if (answer.isCut) return isHtml(answer) ? badContent(answer, 'instead of JSON', undefined) : undefined;
  const text = answer.body.toString('utf8');
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return badContent(answer, 'instead of JSON', jsonWords(answer.body));
  }
  if (typeof info !== 'object' || Array.isArray(info))
    return badContent(answer, 'instead of a JSON object', 'json: cannot unmarshal');
  const fields = Object.entries(info ?? {});
  // Go does not tell large from small letters in names, and takes the last.
  const told = fields.findLast(([name]) => name.toLowerCase() === 'version')?.[1] ?? '';
  if (typeof told !== 'string')
    return badContent(answer, 'with a Version that is no text', 'json: cannot unmarshal');
  if (version === undefined || told === version) return undefined;
  return {
    ...badContent(answer, '', undefined),
    detail:
      told === ''
        ? 'the answer names no version'
        : `the answer is about version ${told}, and ${version} was asked for`,
    goSays: `proxy returned info for version ${told} instead of requested version`,
  };
}

/** jsonWords are Go's words where they depend on the first byte alone, or on the end. `encoding/json: (*SyntaxError), go1.26` */
function jsonWords(body: Buffer): string | undefined {
  const start = body.findIndex((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  if (start < 0) return 'unexpected end of JSON input';
  const first = body[start] ?? 0;
  const character = String.fromCharCode(first);
  if (/[{["\-\dtfn]/.test(character)) return undefined;
  const shown = character === "'" ? `'\\''` : character === '"' ? `'"'` : `'${quoted(first)}'`;
  return `invalid character ${shown} looking for beginning of value`;
}

/** quoted: `encoding/json: quoteChar, go1.26`; every byte counts as a character of its own. */
function quoted(byte: number): string {
  return goQuote(Buffer.from(String.fromCharCode(byte))).slice(1, -1);
}

/**
 * checkMod looks for the line that says which module it is: Go passes over lines that it does not know in the go.mod of a dependency.
 * `go mod download` keeps a wrong one without a word; a build fails. `golang.org/x/mod/modfile: ParseLax, go1.26`
 */
function checkMod(answer: Answered, { modulePath }: Expected): Fault | undefined {
  if (answer.isCut)
    return isHtml(answer) ? badContent(answer, 'instead of a go.mod file', undefined) : undefined;
  const text = answer.body.toString('utf8');
  const told = /^[ \t]*module[ \t]+(?:"([^"\n]*)"|`([^`\n]*)`|([^\s()"`]+))/m.exec(text);
  const path = told?.[1] ?? told?.[2] ?? told?.[3];
  if (path === undefined && /^[ \t]*module[ \t]*\(/m.test(text)) return undefined;
  if (path === undefined) {
    // A quote or bracket in the page is an error before that.
    const isReadable = !/["`'()]/.test(text);
    return badContent(
      answer,
      'instead of a go.mod file',
      `parsing go.mod${isReadable ? ': missing module line' : ''}`,
    );
  }
  if (modulePath === undefined || path === modulePath) return undefined;
  return {
    code: 'bad-content',
    detail: `the go.mod file is that of ${printable(path)}, and ${modulePath} was asked for`,
    goSays: `module declares its path as: ${printable(path)}`,
    repair: [`require ${printable(path)} instead, or use replace`],
  };
}

// APPNOTE.TXT, 4.3.16: the record that ends a zip, at least 22 bytes, and a comment of at most 65,535.
const endRecord = Buffer.from('PK\x05\x06', 'latin1');
const endBytes = 22;
const mostComment = 0xffff;

/** checkZip: `archive/zip: (*Reader).init, go1.26` */
function checkZip(answer: Answered): Fault | undefined {
  const { body, isCut } = answer;
  const goSays = 'zip: not a valid zip file';
  if (isCut) {
    const isZip = body.length < 4 || /^PK(?:\x03\x04|\x05\x06)$/.test(body.toString('latin1', 0, 4));
    return isZip ? undefined : badContent(answer, 'instead of a zip', goSays);
  }
  if (body.subarray(0, 2).toString('latin1') !== 'PK') return badContent(answer, 'instead of a zip', goSays);
  const from = Math.max(0, body.length - endBytes - mostComment);
  const end = body.lastIndexOf(endRecord);
  const isWhole =
    end >= from &&
    end + endBytes <= body.length &&
    body.readUInt32LE(end + 12) + body.readUInt32LE(end + 16) <= end;
  // Sizes of 0xffffffff stand elsewhere: Zip64, which the module's 500 MB never need.
  if (isWhole) return undefined;
  return {
    ...badContent(answer, '', goSays),
    detail: `the zip is not complete: ${body.length} bytes came, without its table of contents`,
  };
}

function badContent(answer: Answered, instead: string, goSays: string | undefined): Fault {
  return {
    code: 'bad-content',
    detail: `${whatCame(answer)} ${instead}`.trim(),
    goSays,
    repair: [
      `see what comes: curl -sS '${answer.shownUrl}' | head -c 500`,
      ...(isHtml(answer)
        ? [
            'a login page or a company proxy answers in its place: log in, or check URL and path of the entry in GOPROXY',
          ]
        : ['let the server give the file as it is']),
    ],
  };
}

function whatCame(answer: Answered): string {
  const { body, shownUrl, shownFinalUrl } = answer;
  const from = shownFinalUrl === shownUrl ? '' : ` from ${shownFinalUrl}`;
  if (body.length === 0) return `nothing came${from}`;
  if (!isHtml(answer)) return `something else came${from}`;
  const title = /<title[^>]*>([^<]{1,120})/i.exec(body.toString('utf8', 0, 1 << 14))?.[1] ?? '';
  const shown = title.replace(/[\p{C}\s]+/gu, ' ').trim();
  return `a page of HTML${shown === '' ? '' : ` ("${shown}")`} came${from}`;
}

function isHtml({ body }: Answered): boolean {
  return /^(?:\ufeff)?\s*<(?:!doctype|html|head|body|\?xml|title|script|!--)/i.test(
    body.toString('utf8', 0, 512),
  );
}
