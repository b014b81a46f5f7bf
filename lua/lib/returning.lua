-- A job that was out of its lane for a while comes back: its delay has passed, or what held it is gone.
-- @include states document lane fan advance

local function come_back_item(doc, step, item, was)
  local own = read_item(doc, step, item)
  if not own or own.state ~= was then return end
  own.state = 'ready'
  write_item(doc, step, item, own)
  offer(doc, step, lane_of(doc, step), item, own)
end

-- was: `delayed`, and then it waits from now on; or `held`. A fan-out's one entry is neither: it is placed anew.
local function come_back(member, was)
  local id, step, item = locate(member)
  local doc = open(id, step)
  if not doc or FINAL_DOCUMENT[doc.status] then return end
  if item then return come_back_item(doc, step, item, was) end
  local own, lane = record(doc, step), lane_of(doc, step)
  if about(doc.plan, step).over then
    if own.state == 'ready' then place_entry(doc, step, lane) end
  elseif own.state == was and is_left_out(doc, step) then
    leave_out(doc, step)
    advance(doc, step)
  elseif own.state == was then
    set_state(doc, step, 'ready')
    if was == 'delayed' then set(doc, fields_of(step).ready, NOW_TEXT) end
    offer(doc, step, lane, nil, own)
  end
end
