import type { View, ViewId } from '../view.ts';
import { buildView, outputView, packagesView } from './build.ts';
import { buildCacheView, writesView } from './build-cache.ts';
import { cacheAgesView } from './cache-ages.ts';
import { cacheContentView } from './cache-content.ts';
import { cacheDamageView } from './cache-damage.ts';
import { cacheDamagedView } from './cache-damaged.ts';
import { cacheDiagnosisView } from './cache-diagnosis.ts';
import { cacheEntriesView, cacheLargestView } from './cache-entries.ts';
import { cacheEntryView } from './cache-entry.ts';
import { cacheFuzzFileView, cacheFuzzTestView, cacheFuzzView } from './cache-fuzz.ts';
import { cacheKindsView } from './cache-kinds.ts';
import { cachePackageView } from './cache-package.ts';
import { cachePackagesView } from './cache-packages.ts';
import { cacheSymbolsView } from './cache-symbols.ts';
import { cacheTrimView } from './cache-trim.ts';
import { cacheVariantsView } from './cache-variants.ts';
import { certificateView } from './certificates.ts';
import { doctorFindingView, doctorView } from './doctor.ts';
import { downloadsView } from './downloads.ts';
import { elsewhereView } from './elsewhere.ts';
import { moduleCacheView, modulesView, moduleView } from './module-cache.ts';
import { moduleFilesView, moduleZipView } from './module-files.ts';
import { moduleRecoveryView } from './module-recovery.ts';
import { moduleRootsView, moduleRootView } from './module-roots.ts';
import { moduleVerifyView } from './module-verify.ts';
import { moduleModView, moduleVersionView } from './module-version.ts';
import {
  moduleSupersededView,
  moduleToolchainsView,
  moduleUnneededView,
  moduleVersionsView,
} from './module-versions.ts';
import { otherCachesView, otherCacheView } from './other-caches.ts';
import { packageView } from './package.ts';
import { problemsView } from './problems.ts';
import { hopView, proxyView } from './proxy.ts';
import { routeView } from './route.ts';
import { settingsView } from './settings.ts';
import { whatIfView } from './what-if.ts';

/** views are all views there are, by their id. */
export const views: Readonly<Record<ViewId, View>> = {
  build: buildView,
  packages: packagesView,
  package: packageView,
  output: outputView,
  elsewhere: elsewhereView,
  gocache: buildCacheView,
  writes: writesView,
  'cache-packages': cachePackagesView,
  'cache-package': cachePackageView,
  'cache-variants': cacheVariantsView,
  'cache-kinds': cacheKindsView,
  'cache-ages': cacheAgesView,
  'cache-diagnosis': cacheDiagnosisView,
  'cache-largest': cacheLargestView,
  'cache-entries': cacheEntriesView,
  'cache-entry': cacheEntryView,
  'cache-content': cacheContentView,
  'cache-symbols': cacheSymbolsView,
  'cache-trim': cacheTrimView,
  'cache-fuzz': cacheFuzzView,
  'cache-fuzz-test': cacheFuzzTestView,
  'cache-fuzz-file': cacheFuzzFileView,
  'other-caches': otherCachesView,
  'other-cache': otherCacheView,
  'cache-damage': cacheDamageView,
  'cache-damaged': cacheDamagedView,
  gomodcache: moduleCacheView,
  modules: modulesView,
  module: moduleView,
  'module-versions': moduleVersionsView,
  'module-unneeded': moduleUnneededView,
  'module-superseded': moduleSupersededView,
  'module-toolchains': moduleToolchainsView,
  'module-roots': moduleRootsView,
  'module-root': moduleRootView,
  'module-version': moduleVersionView,
  'module-files': moduleFilesView,
  'module-zip': moduleZipView,
  'module-mod': moduleModView,
  'module-verify': moduleVerifyView,
  'module-recovery': moduleRecoveryView,
  proxy: proxyView,
  hop: hopView,
  route: routeView,
  'what-if': whatIfView,
  certificate: certificateView,
  downloads: downloadsView,
  doctor: doctorView,
  'doctor-finding': doctorFindingView,
  settings: settingsView,
  problems: problemsView,
};
