-- A document is accepted: made, and moved past the first steps that its parameters leave out.
-- @include finish advance

local function accept(doc, input, due)
  create(doc, input, due)
  if not doc.unwanted then return end
  for step in string.gmatch(doc.plan.first, '%S+') do
    if record(doc, step).state == 'skipped' then advance(doc, step) end
  end
end
