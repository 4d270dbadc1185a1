import { views } from '../../source/store/views/registry.ts';

export { main } from '../../source/main.ts';

// Two bugs: one in what is drawn once `e` opens it, one in what the key `y` asks for in the pane of the proxy chain.
Object.assign(views.settings, {
  rows() {
    throw new Error('a bug in a view');
  },
});
Object.assign(views.proxy, {
  command() {
    throw new Error('a bug behind a key');
  },
});
