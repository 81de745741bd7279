/** Words of which a simulation makes messages. */
export const vocabulary = [
  "varmepumpen", "larmer", "igen", "torsdag", "filteret", "boiler", "drypper", "radiator", "kold", "stuen", "faktura",
  "besøg", "tekniker", "ventil", "service", "tryk", "vand", "pumpe", "køkken", "gulvvarme", "aftale", "mandag",
] as const;
