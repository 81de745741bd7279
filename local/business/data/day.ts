/** What the demo's owner has told his planner, in this order: each is one message. */
export const spoken: readonly string[] = [
  "Goal: twenty service contracts by March",
  "Goal: train Karim on heat pumps by April",
  "Call the housing association about their contract tomorrow, urgent, for the goal twenty service contracts",
  "Write the winter letter to old customers on Friday for the goal twenty service contracts",
  "Print the winter letter depends on write the winter letter to old customers",
  "Book the course on heat pumps for Karim for the goal train Karim on heat pumps",
  "Order filters for the ventilation on Thursday; ring Mads about the loan pump",
  "Problem: spare parts arrive too late",
  "Ask the wholesaler about the gasket sets tomorrow",
  "Send Sofie the invoice for the thermostat today",
  "Bestil pakninger på mandag",
  "Good morning",
  "Ring Mads about the loan pump is done",
];

/** Said by nobody, but drawn in the picture of links. */
export const drawn = {
  from: "Ask the wholesaler about the gasket sets",
  type: "addresses_problem",
  to: "Spare parts arrive too late",
} as const;
