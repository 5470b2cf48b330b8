// Shows the API document for trying; the page lists every operation without this script.
const place = document.getElementById("api-document");
window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: false,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  // Nothing is loaded from elsewhere, so no badge of an outside validator either.
  validatorUrl: null,
});
