-- A member's page: the shifts of one member, the latest first, and the posts one member holds.
create index team_shift_member on team_shift (member_id, (lower(period)) desc);
create index team_post_holder on team_post (holder_id) where holder_id is not null;
