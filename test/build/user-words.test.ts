import { expect, test } from 'vitest';
import { restoreCgoWords } from '../../source/build/user-words.ts';

test.each<[string, string, string]>([
  [
    './a.go:4:2[/tmp/go-build1/b001/a.cgo1.go:7:26]: cannot use x (variable of type _Ctype_int) as int',
    './a.go:4:2: cannot use x (variable of type C.int) as int',
    'what the compiler says about code of cgo',
  ],
  [
    './a.go:4:2[/tmp/x/a.cover.go:7:26]: declared and not used: x',
    './a.go:4:2: declared and not used: x',
    'of cover',
  ],
  [
    './a.go:4:2[/tmp/x/a.cgo1.go:7]: _Cfunc_f, _C2func_g',
    './a.go:4:2: C.f, C.g',
    'functions, with errno or not',
  ],
  ['./a.go:4:2: _Ctype_int', './a.go:4:2: _Ctype_int', 'no bracket: Go leaves it too'],
  ['a.cgo1.go:1 _Ctype_int', 'a.cgo1.go:1 _Ctype_int', 'the user’s own words'],
  ['hello\r\nworld\n', 'hello\r\nworld\n', 'all else'],
  ['\xff\xfe\n', '\xff\xfe\n', 'bytes that are no text'],
])('%j becomes %j: %s', (text, expected) => {
  expect(restoreCgoWords(text)).toBe(expected);
});
