import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** shopPath is the module path of the shop: a module with one package of each kind that `-x` treats in its own way. */
const shopPath = 'example.com/shop';

/** shopFiles are its files. The tags broken, badcgo and sloppy bring in a compile error, one of cgo, one of vet. */
export const shopFiles: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/shop\n\ngo 1.22\n',
  'main.go': `package main

import (
	"bytes"
	"io"
	"os"

	"example.com/shop/cart"
)

// main says what its arguments are, each on stderr, byte by byte; "exit" ends it with exit code 3.
func main() {
	for _, word := range os.Args[1:] {
		if word == "exit" {
			os.Exit(3)
		}
		os.Stderr.WriteString(word + "\\n")
	}
	if cart.Total() == 0 {
		io.Copy(os.Stdout, &bytes.Buffer{})
	}
	os.Stdout.WriteString("total\\n")
}
`,
  'cart/cart.go': `package cart

import "example.com/shop/price"

func Total() int { return price.Of("pear") + 1 }
`,
  'cart/cart_test.go': `package cart

import "testing"

func TestTotal(t *testing.T) {
	if Total() == 0 {
		t.Fatal("nothing")
	}
}
`,
  'cart/outside_test.go': `package cart_test

import (
	"testing"

	"example.com/shop/cart"
	"example.com/shop/desk"
)

func TestOutside(t *testing.T) {
	if cart.Total()+desk.Open() == 0 {
		t.Fatal("nothing")
	}
}
`,
  'cart/sloppy.go': `//go:build sloppy

package cart

func Sloppy(x int) int {
	x = x
	return x
}
`,
  'desk/desk.go': `package desk

import "example.com/shop/cart"

func Open() int { return cart.Total() }
`,
  'desk/desk_test.go': `package desk_test

import (
	"testing"

	"example.com/shop/desk"
)

func TestOpen(t *testing.T) {
	if desk.Open() == 0 {
		t.Fatal("closed")
	}
}
`,
  'price/price.go': `package price

func Of(name string) int { return len(name) }
`,
  'price/broken.go': `//go:build broken

package price

func Broken() int { return "no number" }
`,
  'round/round_amd64.s': `TEXT ·Up(SB), 4, $0-16
	MOVQ x+0(FP), AX
	ADDQ $1, AX
	MOVQ AX, ret+8(FP)
	RET
`,
  'round/round_amd64.go': 'package round\n\nfunc Up(x int) int\n',
  'round/round.go': '//go:build !amd64\n\npackage round\n\nfunc Up(x int) int { return x + 1 }\n',
  'weigh/weigh.go': `package weigh

// static int scale(int x) { int unused; return x * 2; }
// #cgo CFLAGS: -Wall
import "C"

func Double(x int) int { return int(C.scale(C.int(x))) }
`,
  'weigh/badcgo.go': `//go:build badcgo

package weigh

import "C"

func Bad() int { return C.int(1) }
`,
  'tools/list/main.go': `package main

import "example.com/shop/round"

func main() { println(round.Up(1)) }
`,
};

/** Shop is the module in a temporary folder of its own, with a GOCACHE that holds the standard library it needs. */
export type Shop = {
  readonly directory: string;
  readonly gocache: string;
  readonly environment: Readonly<Record<string, string>>;
  write(files: Readonly<Record<string, string>>): void;
  /** run runs a command as the user would, without us. */
  run(...words: readonly string[]): {
    readonly stdout: Buffer;
    readonly stderr: Buffer;
    readonly code: number;
  };
  remove(): void;
};

/** makeShop writes the module; `from` is a GOCACHE to begin with, as a copy. */
export function makeShop(
  from: string | undefined,
  files: Readonly<Record<string, string>> = shopFiles,
): Shop {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'shop-')));
  const directory = join(top, 'shop');
  const gocache = join(top, 'gocache');
  const temp = join(top, 'tmp');
  mkdirSync(temp);
  if (from !== undefined) cpSync(from, gocache, { recursive: true, preserveTimestamps: true });
  const environment = shopEnvironment(gocache, temp);
  const write: Shop['write'] = (more) => {
    for (const [name, content] of Object.entries(more)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
  };
  write(files);
  return {
    directory,
    gocache,
    environment,
    write,
    run: (...words) => {
      const ran = spawnSync(words[0] ?? '', words.slice(1), {
        cwd: directory,
        env: environment,
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { stdout: ran.stdout, stderr: ran.stderr, code: ran.status ?? -1 };
    },
    remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function shopEnvironment(gocache: string, temp: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:GO|CGO_|VITEST|NODE_)/.test(name));
  return {
    ...Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    GOCACHE: gocache,
    GOTMPDIR: temp,
    GOENV: 'off',
    GOWORK: 'off',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-buildvcs=false',
    CGO_ENABLED: '1',
  };
}

/** warmCache compiles what the shop needs of the standard library into a GOCACHE, and nothing of the shop. */
export function warmCache(isForCover = false): { readonly gocache: string; remove(): void } {
  const files = Object.entries(shopFiles).map(([name, text]) => [
    name,
    text.replaceAll(shopPath, 'example.com/warm'),
  ]);
  const shop = makeShop(undefined, Object.fromEntries(files));
  for (const args of isForCover ? [['./...'], ['-cover', './...']] : [['./...']])
    execFileSync('go', ['test', ...args], { cwd: shop.directory, env: shop.environment, stdio: 'ignore' });
  return { gocache: shop.gocache, remove: shop.remove };
}
