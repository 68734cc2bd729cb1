(()=>{try{let e=localStorage.getItem("communique-theme");(e==="light"||e==="dark")&&(document.documentElement.dataset.theme=e)}catch{}})();
