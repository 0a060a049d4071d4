/* Before the app has started, and only until then. ES5 throughout: it must run in the browsers it turns away.
 *
 * 0. Who has opened the app before is not told what it is.
 * 1. A browser without what the app needs is told so, in Chinese and English, instead of staying blank.
 * 2. A start that takes longer says that it is loading, and what is slow; one that fails says that nothing is lost, what
 *    failed and how to go on, in every engine and however it failed.
 * 3. When the app has started (Trunk's event), the skeleton goes.
 */
(function () {
  'use strict';
  var FIRST_MS = 1000;
  var SLOW_MS = 8000;
  var LAST_MS = 16000;

  function say(chinese, english) {
    var place = document.getElementById('skeleton-words');
    if (!place) return;
    place.textContent = chinese;
    place.appendChild(document.createElement('br'));
    var other = document.createElement('span');
    other.setAttribute('lang', 'en');
    other.textContent = english;
    place.appendChild(other);
  }

  /* What the app needs is tried, not guessed from a name: Chromium 97, Safari 16, Firefox 102 have all of it. */
  function missing() {
    // A module with all that the app's WASM uses: a table of externref, memory.fill, sign extension, saturating conversion.
    // Compiling it also tells a browser that does not know the policy's 'wasm-unsafe-eval', and so would refuse the app.
    var probe = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 125, 0, 3, 2, 1, 0, 4, 4, 1, 111, 0, 1, 5, 3, 1, 0, 1,
      10, 19, 1, 17, 0, 32, 0, 252, 0, 192, 26, 65, 0, 65, 0, 65, 0, 252, 11, 0, 11
    ];
    try {
      if (!window.indexedDB || !window.Promise || !window.TextDecoder || !window.crypto) return true;
      if (!window.BigInt || !window.HTMLDialogElement || !window.createImageBitmap || !Object.hasOwn) return true;
      if (!('noModule' in document.createElement('script'))) return true;
      if (!WebAssembly.validate(new Uint8Array(probe))) return true;
      return !new WebAssembly.Module(new Uint8Array(probe));
    } catch (error) {
      return true;
    }
  }

  /* What whoever holds this device can do about it: a browser built into the system or into WeChat is not updated by itself. */
  function advice() {
    var agent = navigator.userAgent;
    if (/MicroMessenger/i.test(agent)) {
      return [
        '您是在微信里打开的：请点右上角“…”，选“在浏览器打开”。',
        'You opened this in WeChat: tap “…” at the top right and choose to open it in the browser.'
      ];
    }
    if (/iPad|iPhone/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) {
      return [
        'iPad 和 iPhone 的浏览器跟着系统更新：请在“设置 → 通用 → 软件更新”里更新到 16 或更高。',
        'On iPad and iPhone the browser comes with the system: update to 16 or later under Settings, General, Software Update.'
      ];
    }
    if (/Huawei|HONOR|HarmonyOS|OpenHarmony|HMSCore/i.test(agent)) {
      return [
        '华为设备：请在应用市场更新“华为浏览器”后用它打开，或者安装 Firefox；系统自带的网页组件要跟着系统升级。',
        'On Huawei devices: update HUAWEI Browser in AppGallery and open this with it, or install Firefox; the built-in web view comes with the system.'
      ];
    }
    return ['请把浏览器更新到最新版本，或者换用 Chrome、Edge。', 'Please update it, or use Chrome or Edge.'];
  }

  function whenReady(run) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run);
    else run();
  }

  if (navigator.serviceWorker && navigator.serviceWorker.controller) document.documentElement.className = 'known';

  if (missing()) {
    whenReady(function () {
      var todo = advice();
      say(
        '这个浏览器太旧，打不开邻里。' + todo[0] + '需要 Chrome 97、Safari 16、Firefox 102 或更高的版本。已经记下的内容不会丢。',
        'This browser is too old for Linli. ' + todo[1] + ' Needed: Chrome 97, Safari 16, Firefox 102 or later. What you have recorded is safe.'
      );
    });
    return;
  }

  // Longer than any later start takes: so it is the first one, or the device is very slow.
  var first = setTimeout(function () {
    say(
      '正在打开。第一次要下载，请稍等一会儿；以后没有网络也打得开。',
      'Opening. The first time it is downloaded, one moment; later it opens without a network.'
    );
  }, FIRST_MS);
  var slow = setTimeout(function () {
    say('正在打开，网络有点慢，请稍等。', 'Opening. The network is slow, one moment.');
  }, SLOW_MS);
  var last = setTimeout(stuck, LAST_MS);

  /* Whether all that the page named has come: then it is not the network. */
  function isHere() {
    var named = document.querySelectorAll('link[rel=modulepreload], link[rel=preload]');
    for (var i = 0; i < named.length; i += 1) {
      var found = performance.getEntriesByName(named[i].href);
      if (!found.length || !found[found.length - 1].responseEnd) return false;
    }
    return named.length > 0;
  }

  function stuck() {
    if (!isHere()) {
      last = setTimeout(stuck, SLOW_MS);
      return;
    }
    failed({ detail: '文件都到了，程序没有启动 (files are here, the program did not start)' });
  }

  function failed(event) {
    clearTimeout(first);
    clearTimeout(slow);
    clearTimeout(last);
    var from = event && event.target && (event.target.src || event.target.href);
    var why = event && (event.detail || event.message || (event.reason && (event.reason.message || event.reason)));
    why = String(why || (from && from + '：没有收到 (not received)') || '').slice(0, 300);
    say(
      '没能打开。已经记下的内容都在，请检查网络后刷新页面。' + (why ? '还不行时，请把这句话告诉管理员：' + why : ''),
      'Linli could not start. What you have recorded is safe: check the network and reload the page.' + (why ? ' If it stays so, tell your administrator this.' : '')
    );
  }
  // Files that do not arrive raise an error on their element, scripts that fail one on the window. That the app itself does
  // not start its own script says (see Trunk.toml): not every engine would. Afterwards all of it is the app's own business.
  window.addEventListener('error', failed, true);
  window.addEventListener('unhandledrejection', failed);
  window.addEventListener('LinliNotStarted', failed);

  window.addEventListener('TrunkApplicationStarted', function () {
    clearTimeout(first);
    clearTimeout(slow);
    clearTimeout(last);
    window.removeEventListener('error', failed, true);
    window.removeEventListener('unhandledrejection', failed);
    window.removeEventListener('LinliNotStarted', failed);
    var skeleton = document.getElementById('skeleton');
    if (skeleton && skeleton.parentNode) skeleton.parentNode.removeChild(skeleton);
  });
})();
