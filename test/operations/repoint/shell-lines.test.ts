import { expect, test } from 'vitest';
import { findShellLines, shellLines } from '../../../source/operations/repoint/shell-lines.ts';

test.each([
  ['/bin/bash', '/big/go cache', ['unset GOCACHE', "export GOCACHE='/big/go cache'"]],
  ['/usr/bin/zsh', '/big/go', ['unset GOCACHE', 'export GOCACHE=/big/go']],
  ['/usr/bin/fish', '/big/go', ['set -e GOCACHE', 'set -gx GOCACHE /big/go']],
  [undefined, '/big/go', ['unset GOCACHE', 'export GOCACHE=/big/go']],
])('in %s, to %s', (shell, to, lines) => {
  expect(shellLines(shell, to)).toEqual(lines);
});

test.each([
  ['export GOCACHE=/x', true],
  ['GOCACHE=/x', true], // /etc/environment, environment.d
  ['  export GOPATH=~/go GOCACHE=/x', true],
  ['[ -d /x ] && export GOCACHE=/x', true],
  ['set -gx GOCACHE /x', true],
  ['set --global -x GOCACHE /x', true],
  ['setenv GOCACHE /x', true],
  ['# export GOCACHE=/x', false],
  ['export MY_GOCACHE=/x', false],
  ['export GOCACHEPROG=/x', false],
  ['echo $GOCACHE', false],
])('%j sets it: %s', (line, sets) => {
  const found = findShellLines(`# first\n${line}\n`);
  expect(found).toEqual(sets ? [{ line: 2, text: line.trim() }] : []);
});
