// Shows the API document; without JavaScript the page links to the document itself.
const place = document.getElementById("api-document");
window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  // Nothing is loaded from elsewhere, so no badge of an outside validator either.
  validatorUrl: null,
});
