-- Who came into the register since a moment is asked every night. People are stored as they come, so a summary of
-- each hundred pages finds them; it takes a few kilobytes and nothing to keep.
create index person_registered on person using brin (registered_at) with (pages_per_range = 32, autosummarize = on);
