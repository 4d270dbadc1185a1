import { describe, expect, test } from 'vitest';
import { classifyXLine, type XLine } from '../../source/build/x-line.ts';

const id = `a2${'0123456789abcdef'.repeat(4).slice(2)}`;
const cache = '/home/dev/.cache/go-build';
const file = `${cache}/a2/${id}-d`;
const tools = '/usr/local/go/pkg/tool/linux_amd64';

describe('classifyXLine knows each form that go prints', () => {
  test.each<[string, XLine, string?]>([
    ['WORK=/tmp/go-build1234567890', { form: 'work', work: '/tmp/go-build1234567890' }],
    ['WORK=/tmp/my temp/go-build1', { form: 'work', work: '/tmp/my temp/go-build1' }, 'a blank in GOTMPDIR'],
    ['mkdir -p $WORK/b003/', { form: 'mkdir', objdir: 'b003', isWhole: true }],
    ['mkdir -p $WORK/b001/exe/', { form: 'mkdir', objdir: 'b001', isWhole: false }, 'a folder inside'],
    ['mkdir -p bin/', { form: 'mkdir-target' }, 'before an executable is moved there'],
    [
      'mkdir -p /home/dev/go/pkg/mod/cache/vcs # git3 https://host.example/repo',
      { form: 'note' },
      'a repository is fetched',
    ],
    ['cd /home/dev/src/shop', { form: 'cd', directory: '/home/dev/src/shop' }],
    ['cd "/home/dev/my src"', { form: 'cd', directory: '/home/dev/my src' }, 'quoted for its blank'],
    ['cd .', { form: 'cd', directory: '.' }, 'before a link'],
    [
      "cat >/tmp/go-build1/b002/importcfg << 'EOF' # internal",
      { form: 'here-document', path: '/tmp/go-build1/b002/importcfg' },
    ],
    [
      "echo '# import config' > $WORK/b003/importcfg # internal",
      { form: 'echo', text: '# import config', path: '$WORK/b003/importcfg' },
    ],
    [
      'echo -n > $WORK/b002/go_asm.h # internal',
      { form: 'echo', text: '', path: '$WORK/b002/go_asm.h' },
      'empty',
    ],
    [
      `${tools}/compile -o $WORK/b003/_pkg_.a -trimpath "$WORK/b003=>" -p example.com/a -buildid A/A -pack ./a.go`,
      { form: 'compile', objdir: 'b003' },
    ],
    [
      `GOROOT='/usr/local/go' ${tools}/link -o $WORK/b001/exe/a.out -importcfg $WORK/b001/importcfg.link`,
      { form: 'link', objdir: 'b001' },
      'behind its environment',
    ],
    [
      `${tools}/asm -p example.com/round -trimpath "$WORK/b002=>" -I $WORK/b002/ -o $WORK/b002/symabis ./a.s`,
      { form: 'tool', tool: 'asm', objdir: 'b002' },
    ],
    [
      `TERM='dumb' CGO_LDFLAGS='"-O2" "-g"' ${tools}/cgo -objdir $WORK/b064/ -importpath example.com/weigh -- ./w.go`,
      { form: 'tool', tool: 'cgo', objdir: 'b064' },
      'quotes in quotes in its environment',
    ],
    [`TERM='dumb' ${tools}/vet -atomic $WORK/b129/vet.cfg`, { form: 'tool', tool: 'vet', objdir: 'b129' }],
    [
      `${tools}/cover -pkgcfg $WORK/b047/pkgcfg.txt -mode set`,
      { form: 'tool', tool: 'cover', objdir: 'b047' },
    ],
    [
      'go tool covdata percent -i $WORK/b002',
      { form: 'tool', tool: 'cover', objdir: 'b002' },
      'no slash behind the objdir',
    ],
    [
      'go tool pack r $WORK/b062/_pkg_.a $WORK/b062/x.o # internal',
      { form: 'tool', tool: 'pack', objdir: 'b062' },
    ],
    [
      'go tool buildid -w $WORK/b003/_pkg_.a # internal',
      { form: 'build-id', objdir: 'b003', target: '_pkg_.a' },
    ],
    [
      'go tool buildid -w $WORK/b001/exe/a.out # internal',
      { form: 'build-id', objdir: 'b001', target: 'exe/a.out' },
    ],
    [
      `cp $WORK/b003/_pkg_.a ${file} # internal`,
      { form: 'store', objdir: 'b003', target: '_pkg_.a', path: file, outputId: id },
    ],
    [
      `cp $WORK/b003/_pkg_.a "/home/dev/my cache/a2/${id}-d" # internal`,
      {
        form: 'store',
        objdir: 'b003',
        target: '_pkg_.a',
        path: `/home/dev/my cache/a2/${id}-d`,
        outputId: id,
      },
      'a blank in GOCACHE',
    ],
    [`cp ${file} $WORK/b003/_cgo_gotypes.go # internal`, { form: 'restore', objdir: 'b003' }],
    [`cat ${file}  # internal`, { form: 'replay', path: file, outputId: id }],
    ['rm -rf $WORK/b001/', { form: 'remove', objdir: 'b001', isWhole: true }],
    ['rm -f $WORK/b001/x.o', { form: 'remove', objdir: 'b001', isWhole: false }],
    ['mv $WORK/b001/exe/a.out list', { form: 'note' }],
    ['touch $WORK/b001/x', { form: 'note' }],
    [
      '$WORK/b001/cart.test -test.testlogfile=$WORK/b001/testlog.txt -test.paniconexit0',
      { form: 'test-run', objdir: 'b001' },
    ],
    ['$WORK/b001/exe/shop one two', { form: 'program-run' }],
    [`${file}/shop one two`, { form: 'program-run' }, 'an executable out of GOCACHE'],
    [
      "TERM='dumb' gcc -I . -fPIC -o $WORK/b006/_x001.o -c x.cgo2.c",
      { form: 'tool', tool: 'c-compiler', objdir: 'b006' },
    ],
    [
      "TERM='dumb' gcc -fno-lto -O2 -g -c -x c - -o /dev/null || true",
      { form: 'tool', tool: 'c-compiler', objdir: undefined },
      'tries whether gcc knows a flag',
    ],
    ['# get https://proxy.example/p/@v/v1.0.0.zip', { form: 'get' }],
    ['# get https://proxy.example/p/@v/v1.0.0.zip: 200 OK (0.039s)', { form: 'get' }],
    ['# lock /home/dev/go/pkg/mod/cache/vcs/a.lock', { form: 'note' }],
    [`cd /home/dev/go/pkg/mod/cache/vcs/${id}; git tag -l`, { form: 'note' }, 'a repository is read'],
    [`0.016s # cd /home/dev/go/pkg/mod/cache/vcs/${id}; git tag -l`, { form: 'note' }],
    ['cd /home/dev/src/shop; git tag -l', { form: 'note' }, 'the version of the main module'],
    ['git ls-remote git+ssh://host.example/repo', { form: 'vcs', markers: undefined }],
    ['git status --porcelain', { form: 'vcs', markers: ['.git'] }, 'for the stamp of a program'],
    ['git -c log.showsignature=false log -1 --format=%H:%ct', { form: 'vcs', markers: ['.git'] }],
    [
      'git ls-remote -- https://host.example/repo',
      { form: 'vcs', markers: undefined },
      'which scheme the host speaks',
    ],
  ])('%s', (line, form) => {
    expect(classifyXLine(line)).toEqual(form);
  });
});

describe('classifyXLine takes nothing that only resembles', () => {
  test.each<[string, string]>([
    ['WORK=/tmp/mine', 'no go-build folder'],
    ['WORK=/tmp/go-build12/b001', 'a folder in it'],
    ['  WORK=/tmp/go-build1', 'indented'],
    ['# example.com/shop/price', 'the header of an error'],
    ['# comment', 'a comment'],
    ['# get it done', 'no address'],
    ['/usr/bin/ld: $WORK/b001/_x001.o: undefined reference to `f`', 'what the linker of C says'],
    ['gcc: error: $WORK/b001/x.c: No such file', 'what gcc says'],
    ['price/broken.go:5:28: cannot use "no number"', 'an error'],
    ['mkdir: cannot create directory', 'what mkdir says'],
    ['mkdir -p /home/dev/bin', 'without the slash that go writes'],
    ["cat >/tmp/x << 'EOF'", 'without # internal'],
    ["cat file << 'EOF' # internal", 'no target'],
    ['cp a b', 'an own copy'],
    [`cp a ${file} # internal`, 'not from WORK'],
    ['echo hello', 'an own echo'],
    ['go tool pprof x', 'no objdir'],
    ['go build ./...', 'a command of a Makefile'],
    ['git status', 'a command of a Makefile'],
    ['cd /home/dev/src/shop; git tag', 'a command of a Makefile'],
    ['git ls-remote origin', 'a command of a Makefile'],
    ['rm -rf build/', 'an own folder'],
    ['', 'an empty line'],
    ['$WORK/b001/exe/shop: permission denied', 'an error about the program'],
    ['exit status 3', 'go run'],
    ['total', 'output of a program'],
  ])('%s: %s', (line) => {
    expect(classifyXLine(line)).toBeUndefined();
  });
});
