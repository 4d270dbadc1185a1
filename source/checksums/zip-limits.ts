/** mostZipBytes is the most that Go takes of one module, packed and unpacked: 500 MiB. `golang.org/x/mod/zip: MaxZipFile` */
export const mostZipBytes = 500 * 2 ** 20;

/** mostGoModBytes and mostLicenseBytes bound those two files. `golang.org/x/mod/zip: MaxGoMod, MaxLICENSE` */
export const mostGoModBytes = 16 * 2 ** 20;
export const mostLicenseBytes = 16 * 2 ** 20;

/**
 * mostZipFiles is a bound of ours, since Go has none: a directory of 500 MiB would name seven million files, and they would
 * all be held in memory. The largest modules that are known have some ten thousand.
 */
export const mostZipFiles = 250_000;
