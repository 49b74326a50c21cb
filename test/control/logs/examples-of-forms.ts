/** A short log in each form, by what the form is called. The documentation has them as well. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  'an object with a list "deliveries", and perhaps "deliveredBefore"':
    '{"deliveries": [[0, 0], [1, 0]], "deliveredBefore": [0, 1]}',
  'a list, or a line for each, of tuples, lists, objects, dictionaries or Message(sender=0, seq=1)':
    "[(0, 0, 'deposit', 51), (1, 0, 'interest', 2)]",
  'a list of YAML, such as "- sender: 0" with "  seq: 3" under it':
    '- sender: 0\n  seq: 0\n- sender: 1\n  seq: 0',
  'lines "b NUMBER" and "d SENDER NUMBER", as at EPFL': 'b 1\nd 1 1\nd 2 1',
  'CSV with a header, with commas, semicolons, tabs, bars or spaces between the cells':
    'sender,sequence\n0,0\n1,0',
  'sentences such as "delivered message 3 from peer 0"':
    'delivered message 0 from peer 0\ndelivered message 0 from peer 1',
  'a line for each message, such as "0 3", "0,3", "0;3", "0:3" or "deliver 0 3"': '0 0\n1 0',
  'lines with a message in brackets behind other words, such as "12:00:01 delivered (0, 3)"':
    '12:00:01 INFO delivered (0, 0)\n12:00:02 INFO delivered (1, 0)',
  'lines with named values, such as "deliver sender=0 seq=3"':
    'deliver sender=0 seq=0\ndeliver sender=1 seq=0',
};
