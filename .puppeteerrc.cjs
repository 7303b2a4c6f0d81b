// The project finds or installs its browser itself (scripts/browser.ts): puppeteer's download fails offline.
module.exports = { skipDownload: true };
