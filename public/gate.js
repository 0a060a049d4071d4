/* Before the app has started, and only until then. ES5 throughout: it must run in the browsers it turns away.
 *
 * 0. Who has opened the app before is not told what it is.
 * 1. A browser without what the app needs is told so, in Chinese and English, instead of staying blank.
 * 2. A start that takes longer says that it is loading, and what is slow; one that fails says that nothing is lost and how to go on.
 * 3. When the app has started (Trunk's event), the skeleton goes.
 */
(function () {
  'use strict';
  var FIRST_MS = 1000;
  var SLOW_MS = 8000;

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

  function missing() {
    // A module whose only content is a table of externref: reference types, the newest thing the app's WASM uses
    // (Chromium 96, Safari 15, Firefox 79).
    var probe = [0, 97, 115, 109, 1, 0, 0, 0, 4, 4, 1, 111, 0, 0];
    try {
      if (!window.indexedDB || !window.Promise || !window.TextDecoder || !window.crypto) return true;
      if (!('noModule' in document.createElement('script'))) return true;
      return !WebAssembly.validate(new Uint8Array(probe));
    } catch (error) {
      return true;
    }
  }

  function whenReady(run) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run);
    else run();
  }

  if (navigator.serviceWorker && navigator.serviceWorker.controller) document.documentElement.className = 'known';

  if (missing()) {
    whenReady(function () {
      say(
        '这个浏览器太旧，打不开邻里。请把浏览器更新到最新版本，或者换用 Chrome、Edge。已经记下的内容不会丢。',
        'This browser is too old for Linli. Please update it, or use Chrome or Edge. What you have recorded is safe.'
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

  function failed() {
    clearTimeout(first);
    clearTimeout(slow);
    say(
      '没能打开。已经记下的内容都在，请检查网络后刷新页面。',
      'Linli could not start. What you have recorded is safe: check the network and reload the page.'
    );
  }
  // Files that do not arrive raise an error on their element; a WASM that does not start, on the window or as a
  // rejected promise. Afterwards both are the app's own business.
  window.addEventListener('error', failed, true);
  window.addEventListener('unhandledrejection', failed);

  window.addEventListener('TrunkApplicationStarted', function () {
    clearTimeout(first);
    clearTimeout(slow);
    window.removeEventListener('error', failed, true);
    window.removeEventListener('unhandledrejection', failed);
    var skeleton = document.getElementById('skeleton');
    if (skeleton && skeleton.parentNode) skeleton.parentNode.removeChild(skeleton);
  });
})();
